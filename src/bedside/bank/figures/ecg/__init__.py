"""Electrocardiograms: a heart's dipole over time, projected on the leads, on paper of 25 mm/s and 10 mm/mV."""

from bedside.bank.figures.ecg.drawing import ECG
from bedside.bank.figures.ecg.recording import Recording, record

__all__ = ["ECG", "Recording", "record"]
