"""Question models: one file from which every seed makes an item, always the same."""

from bedside.bank.models.checking import N_MEMBERS, N_SOME, ModelReport, check_model
from bedside.bank.models.members import MAX_SEED, MemberError, base_id, make_member, member_id, split_member_id
from bedside.bank.models.model import Member, Model
from bedside.bank.models.model_file import ModelReading, parse_model, read_model
from bedside.bank.models.rules import MODEL_RULES, model_rule_table

__all__ = [
    "MAX_SEED",
    "MODEL_RULES",
    "N_MEMBERS",
    "N_SOME",
    "Member",
    "MemberError",
    "Model",
    "ModelReading",
    "ModelReport",
    "base_id",
    "check_model",
    "make_member",
    "member_id",
    "model_rule_table",
    "parse_model",
    "read_model",
    "split_member_id",
]
