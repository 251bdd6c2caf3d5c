"""The demo province: invented people, press and inquiries, made with the same actions as the web."""
