"""Passwords that everybody knows, vendors' defaults and examples: they protect nothing, none can be revoked."""

from __future__ import annotations

from checks import late
from checks.detect.values import literal_of

_WORDS = """
pass passw0rd p@ssw0rd p@ssword p@$$w0rd s3cr3t letmein admin root toor guest user demo foobar foo bar baz hunter2
qwerty abc123 postgres postgresql mysql mariadb redis minioadmin minio rabbitmq elastic nexus harbor12345 vagrant
raspberry ubuntu sa oracle tiger welcome airflow superset grafana keycloak sonar sonarqube jenkins wordpress drupal
magento odoo dev develop development local localdev localhost notasecret mongo mongodb neo4j cassandra couchbase
kibana portainer pihole unifi ubnt cisco public private docker gitlab github prod production staging ci build
testing tester tests testpass testpassword mypass mypassword secretpassword supersecret topsecret verysecret
strongpassword yourstrongpassword rootpassword rootpass adminpassword adminpass dbpassword dbpass userpassword
userpass changeit django flask rails laravel symfony strapi ghost matomo nextcloud owncloud gitea vault consul
repopwd proxypass pwd zabbix stats monitor infoblox operator raven
password passwd secret token test example sample dummy fake default
"""
_WEAK = frozenset(_WORDS.split())
_ENDING = late.compile(r"[-_!.@#]{0,2}(?:\d{1,4})?[!@#$.]{0,2}\Z")
_DIGITS = "01234567890123456789"


def is_weak(value: str) -> bool:
    """Whether this is such a password, also with digits or a mark behind it: `admin123`, `Password!`."""
    text = literal_of(value)[:200].lower()
    numbers = text.isdecimal() and (len(text) < 5 or text in _DIGITS or text in _DIGITS[::-1])
    return text in _WEAK or _ENDING.sub("", text) in _WEAK or len(set(text)) < 3 or numbers
