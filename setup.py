"""What pyproject.toml cannot say: the folder `templates` travels inside the wheel."""

from setuptools import find_packages, setup

APPS = ["spacefleet*", "fleet*", "inventory*", "allocation*", "sales*", "mining*"]

setup(
    packages=[*find_packages(include=APPS), "spacefleet.templates"],
    package_dir={"spacefleet.templates": "templates"},
    package_data={"spacefleet.templates": ["**/*.html"], "spacefleet": ["assets/*"]},
)
