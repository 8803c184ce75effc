from setuptools import find_packages, setup

TRACES = [
    "opentelemetry-exporter-otlp-proto-http>=1.30,<2",
    "opentelemetry-sdk>=1.30,<2",
]

setup(
    name="cityspace",
    version="0.1.0",
    description="The open-source platform that runs a city's trusted data space (城市可信数据空间)",
    license="Apache-2.0",
    python_requires=">=3.11",
    packages=find_packages(
        include=[
            f"{top}{below}"
            for top in ("dataspace", "hub", "graph", "identity", "storage", "subspaces", "console")
            for below in ("", ".*")
        ]
    ),
    package_data={
        "console": ["built/*", "queries/*.graphql"],
        "hub": ["**/*.csv", "**/*.html", "**/*.css"],
        "identity": ["**/*.html", "**/*.css"],
    },
    install_requires=[
        "anyio>=4.9,<5",
        "apscheduler>=3.11,<4",
        "cryptography>=45,<60",
        "duckdb>=1.3,<2",
        "granian>=2.5,<3",
        "graphene>=3.4,<4",
        "httpx>=0.28,<1",
        "http-message-signatures>=3.0,<4",
        "joserfc>=1.3,<2",
        "minio>=7.2.20,<7.3",
        "neo4j>=6.0,<7",
        "neo4j-rust-ext>=6.0,<7",
        "openpyxl>=3.1,<4",
        "orjson>=3.10,<4",
        "prometheus-client>=0.22,<1",
        "python-keycloak>=7.1,<8",
        "python-multipart>=0.0.20,<0.1",
        "rdflib>=7.1,<8",
        "reportlab>=4.4,<6",
        "starlette>=1.0,<2",
        "structlog>=25.1,<27",
        "tzdata>=2025.2",
    ],
    extras_require={
        "traces": TRACES,
        "dev": [
            "aiosmtpd>=1.4.6,<2",
            "httpx2>=2.10,<3",
            "check-jsonschema>=0.37,<1",
            "cyclonedx-bom>=7.2,<8",
            "hypothesis>=6.130,<7",
            "import-linter>=2.3,<3",
            "jsonschema>=4.23,<5",
            "mypy>=1.15,<3",
            *TRACES,
            "playwright>=1.50,<2",
            "psutil>=6,<8",
            "pymerkle>=6.1,<8",
            "pytest>=8.3,<10",
            "pytest-timeout>=2.3,<3",
            "pytest-xdist>=3.6,<4",
            "pyyaml>=6.0,<7",
            "ruff>=0.11,<1",
        ],
    },
    entry_points={"console_scripts": ["cityspace = hub.cli:main"]},
)
