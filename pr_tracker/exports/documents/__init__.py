"""What leaves as a ZIP: a workbook to read, the same as JSON, the files, checksums."""
