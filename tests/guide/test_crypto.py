"""The password's way to the camera."""

import base64

import pytest

from custom_components.thermogate.guide import GuideValidationError, encrypt_password
from custom_components.thermogate.guide.crypto import public_key


def test_the_key_is_the_one_that_devices_use() -> None:
    """The one printed in the vendor document does not even parse."""
    numbers = public_key().public_numbers()
    assert public_key().key_size == 1024
    assert numbers.e == 65537
    assert f"{numbers.n:x}".startswith("ac9fffd8017b6f52")


@pytest.mark.parametrize("password", ["", "admin123", "pässwörd", "x" * 117])
def test_a_ciphertext_is_172_characters_without_line_breaks(password: str) -> None:
    """128 bytes in standard base64."""
    text = encrypt_password(password)
    assert len(text) == 172
    assert len(base64.b64decode(text, validate=True)) == 128


def test_a_password_that_does_not_fit_is_refused_without_being_shown() -> None:
    """PKCS#1 leaves 117 bytes."""
    with pytest.raises(GuideValidationError) as caught:
        encrypt_password("ü" * 59)
    assert "ü" not in str(caught.value)
