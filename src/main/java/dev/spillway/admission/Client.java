package dev.spillway.admission;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Whom limits are counted for.
 *
 * @param name the authenticated name; null where the container authenticates nobody
 * @param address the IP address that the request came from, as text
 */
public record Client(@Nullable String name, String address) {

  /** Whoever has one IPv6 address has the 2^64 others of its network, too (RFC 4291, 2.5.4). */
  private static final int NETWORK_BYTES = 8;

  private static final String NAME = "name:";
  private static final String ADDRESS = "address:";

  /** One that is counted under a {@link #key}. */
  public static Client ofKey(String key) {
    return key.startsWith(NAME)
        ? new Client(key.substring(NAME.length()), "")
        : new Client(null, key.startsWith(ADDRESS) ? key.substring(ADDRESS.length()) : key);
  }

  /** What is counted under: the name, or else the address; of an IPv6 address its network. */
  public String key() {
    return name == null ? ADDRESS + network() : NAME + name;
  }

  private String network() {
    boolean mayBeIpv6 = address.indexOf(':') >= 0;
    if (!mayBeIpv6) {
      return address;
    }
    try {
      // With a colon in it, the text is never looked up as a name.
      InetAddress parsed = InetAddress.getByName(address);
      return parsed instanceof Inet6Address
          ? HexFormat.of().formatHex(parsed.getAddress(), 0, NETWORK_BYTES) + "/64"
          : parsed.getHostAddress();
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
