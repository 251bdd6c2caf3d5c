"""The papers of reports, as PDF and Excel."""
