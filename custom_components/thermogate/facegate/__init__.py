"""The terminal protocol: FaceGate access terminals, JSON over MQTT. Knows nothing of Home Assistant."""
