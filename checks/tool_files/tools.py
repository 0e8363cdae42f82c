"""Every tool whose credential file is known."""

from __future__ import annotations

from checks.tool_files.cloud_tools import CLOUD_TOOLS
from checks.tool_files.container_tools import CONTAINER_TOOLS
from checks.tool_files.data_tools import DATA_TOOLS
from checks.tool_files.package_tools import PACKAGE_TOOLS
from checks.tool_files.source_tools import SOURCE_TOOLS
from checks.tool_files.tool import Tool

TOOLS: tuple[Tool, ...] = (*SOURCE_TOOLS, *PACKAGE_TOOLS, *CONTAINER_TOOLS, *CLOUD_TOOLS, *DATA_TOOLS)
