"""Every form of every format, by families."""

from __future__ import annotations

from tests.quality.form import Form
from tests.quality.formats import (
    builds,
    clusters,
    docker,
    environment,
    machines,
    pipelines,
    services,
    shells,
    source,
    tools,
)

FORMS: tuple[Form, ...] = (
    *docker.FORMS,
    *environment.FORMS,
    *shells.FORMS,
    *builds.FORMS,
    *pipelines.FORMS,
    *clusters.FORMS,
    *machines.FORMS,
    *services.FORMS,
    *tools.FORMS,
    *source.FORMS,
)
