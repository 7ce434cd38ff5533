"""Which clients count as one where limits are counted by address."""

from ipaddress import IPv4Address, ip_address, ip_network


def address_of(client: tuple[str, int] | None) -> str:
    """Return what counts as one address: of IPv6 the network that a household is given, for it has 2^64 addresses.

    client: host and port as ASGI has them. A host that is no address, which only a proxy can have named, stays as it is.
    """
    if client is None:
        return "-"
    host, _ = client
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
