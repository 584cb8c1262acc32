"""The camera protocol: Guide dual-light thermal cameras, JSON over WebSocket and HTTP. Knows nothing of Home Assistant."""
