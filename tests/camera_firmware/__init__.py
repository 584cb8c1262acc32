"""Firmware and other files for cameras."""
