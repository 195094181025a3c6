package dev.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientTest {

  private static String key(String address) {
    return new Client(null, address).key();
  }

  @Test
  void aNameCountsWhereverItComesFrom() {
    assertThat(new Client("ann", "203.0.113.1").key())
        .isEqualTo(new Client("ann", "198.51.100.7").key());
  }

  @Test
  void aNameThatLooksLikeAnAddressIsNotThatAddress() {
    assertThat(new Client("203.0.113.1", "198.51.100.7").key()).isNotEqualTo(key("203.0.113.1"));
  }

  @Test
  void anIpv4AddressCountsByItself() {
    assertThat(key("203.0.113.1")).isNotEqualTo(key("203.0.113.2"));
  }

  @Test
  void allAddressesOfAnIpv6NetworkAreOneClient() {
    assertThat(key("2001:db8:1:2::1")).isEqualTo(key("2001:db8:1:2:ffff::9"));
    assertThat(key("2001:db8:1:2::1")).isNotEqualTo(key("2001:db8:1:3::1"));
    assertThat(key("fe80::1%1")).isEqualTo(key("fe80::1"));
  }

  @Test
  void anIpv4AddressWrittenAsIpv6IsTheSameClient() {
    assertThat(key("::ffff:203.0.113.1")).isEqualTo(key("203.0.113.1"));
  }

  @Test
  void whatIsNoAddressCountsAsItStands() {
    assertThat(key("not:an:address:at:all")).isEqualTo("address:not:an:address:at:all");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"name:ann", "name:", "name:address:1", "address:203.0.113.1", "address:unknown"})
  void oneOfAKeyIsCountedUnderIt(String key) {
    assertThat(Client.ofKey(key).key()).isEqualTo(key);
  }

  @Test
  void oneOfAnIpv6NetworkIsCountedUnderItAgain() {
    String key = key("2001:db8::1");
    assertThat(Client.ofKey(key).key()).isEqualTo(key);
  }
}
