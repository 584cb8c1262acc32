"""How a password travels: RSA (PKCS#1 v1.5) under the vendor's one public key, then base64."""

import base64
from functools import cache

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from .errors import GuideValidationError

# The key that devices use. The one printed in the vendor document, appendix III, has four misprints and does not parse.
_PUBLIC_KEY = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCsn//YAXtvUmzfcdUSVc80NgMM"
    "NFIc/EyzOnLKcUM6Xm+up8K7AymL6TpOpgdtxDB30GlQjK7RNwJLgNSzT7d7OXJq"
    "382cX0V6aYXA9oeZ93bsdpiDNOMNu1ezlWZNJBS2sJoUnQl7mTGJN2b44wUcqh98"
    "F3wPTUp/+rydh3oBkQIDAQAB"
)
# PKCS#1 v1.5 takes eleven bytes of the 128 for itself.
_MAX_PASSWORD_BYTES = 117


@cache
def public_key() -> rsa.RSAPublicKey:
    """Return the vendor's 1024-bit public key."""
    key = load_der_public_key(base64.b64decode(_PUBLIC_KEY))
    assert isinstance(key, rsa.RSAPublicKey)
    return key


def encrypt_password(password: str) -> str:
    """Return a password as devices want it: 172 characters of base64, different every time.

    Raises GuideValidationError when the password is longer than 117 bytes of UTF-8.
    """
    clear = password.encode()
    if len(clear) > _MAX_PASSWORD_BYTES:
        raise GuideValidationError(
            "password", f"{len(clear)} bytes", f"at most {_MAX_PASSWORD_BYTES} bytes"
        )
    return base64.b64encode(public_key().encrypt(clear, padding.PKCS1v15())).decode(
        "ascii"
    )
