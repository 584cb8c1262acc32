"""Certificates for brokers that encrypt, made for the moment."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    """Somebody who certifies brokers."""

    def __init__(self, name: str) -> None:
        """Make a key, and certify it oneself."""
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = (
            self._certificate(self._name, self._key.public_key(), 1)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), False
            )
            .sign(self._key, hashes.SHA256())
        )

    @property
    def pem(self) -> str:
        """The certificate as a person pastes it."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    def _certificate(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey, days: int
    ) -> x509.CertificateBuilder:
        # Also for tests that set the clock.
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=9))
            .not_valid_after(now + timedelta(days=days))
        )

    def server(
        self, folder: Path, address: str = "127.0.0.1", days: int = 1
    ) -> ssl.SSLContext:
        """Return what a server at an address shows; with negative days a certificate that has expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "broker")])
        certificate = (
            self._certificate(subject, key.public_key(), days)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]),
                False,
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(
                    self._key.public_key()
                ),
                False,
            )
            .sign(self._key, hashes.SHA256())
        )
        file = folder / "broker.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context
