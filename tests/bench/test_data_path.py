"""The budgets of aliases and downloads hold at five files and at a thousand."""

from bench import data_path


def test_aliases_and_downloads_cost_no_more_than_their_budgets() -> None:
    rows = data_path.rows()
    assert [row["step"] for row in rows if not row["kept"]] == []
    moves = [row for row in rows if row["step"].startswith("move")]
    assert all(few == many for row in moves for few, many in [row["write_units"]]), "no cost grows with files"
    registrations = [row for row in rows if "a_second_of_a_model" in row]
    assert all(row["a_second_of_the_registry"] > row["a_second_of_one_tag"] for row in registrations)
