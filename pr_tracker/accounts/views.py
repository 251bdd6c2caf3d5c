"""Pages for administrators: agencies, people, roles."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
