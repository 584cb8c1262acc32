"""A simulated Guide dual-light (visible and thermal) camera, for tests, the demo and benchmarks.

It speaks what the vendor document describes: JSON over WebSocket and HTTP, H.264 over RTSP and WebSocket. It keeps a
reading of its own of that document, tables and ranges included, so that a misreading in the integration shows.

What it cannot do: the camera's private RSA key is not public, so a simulated camera cannot read the password of a login.
It checks that the password is well formed (base64 of one block smaller than the documented modulus, not plain, not
unpadded), then takes it for the right one. Wrong passwords are staged with the control line `wrong-password N`. RTSP
uses ordinary authentication and does check the password.
"""

from .options import Options
from .simulator import CameraSimulator

__all__ = ["CameraSimulator", "Options"]
