"""Addresses for a video player: the camera's own, on the host we know, with the credentials put in at the last moment."""

from urllib.parse import quote, urlsplit

_SCHEMES = frozenset({"rtsp", "rtsps"})


def stream_url(url: str | None, host: str, username: str, password: str) -> str | None:
    """Return the address of a stream, or None when the camera has no such stream.

    `url` is what the camera says in command 500. Its host is the camera's own idea of its address, wrong behind NAT
    or a VPN, and is replaced by the configured one; port, path and query are kept. The result holds the password:
    never log or store it.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _SCHEMES:
        return None
    bare = host.strip("[]")
    netloc = f"[{bare}]" if ":" in bare else bare
    if port is not None:
        netloc = f"{netloc}:{port}"
    if username:
        netloc = f"{quote(username, safe='')}:{quote(password, safe='')}@{netloc}"
    query = f"?{parts.query}" if parts.query else ""
    # Without a slash between them the path would go on with the host's name.
    path = quote(parts.path.lstrip("/"), safe="/%:=&;,+-._~!$()*")
    return f"{parts.scheme}://{netloc}/{path}{query}"
