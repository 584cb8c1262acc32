"""What the simulated terminal promises to tests, demo and benchmarks, seen by a bare MQTT client over a real broker."""
