package io.zonecast.sink.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeAddressTest {

  @ParameterizedTest
  @CsvSource({
    "cache1:11211, cache1, 11211",
    "10.0.0.7:1, 10.0.0.7, 1",
    "[::1]:65535, ::1, 65535",
    "[fe80::1%eth0]:11211, fe80::1%eth0, 11211",
  })
  void anAddressIsReadAndWrittenTheSameWay(String text, String host, int port) {
    NodeAddress address = NodeAddress.parse(" " + text + " ");

    assertThat(address).isEqualTo(new NodeAddress(host, port)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "cache1",
        "cache1:",
        ":11211",
        "cache1:0",
        "cache1:65536",
        "cache1:-1",
        "cache1:x",
        "::1:11211",
        "[::1:11211",
        "[]:11211",
        "a b:11211",
        "a\tb:1",
        "[::1]",
        "a]:1"
      })
  void anythingElseIsRefusedWithWhatWasWritten(String text) {
    assertThatThrownBy(() -> NodeAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("node address");
  }

  @Test
  void aListKeepsItsOrder() {
    assertThat(NodeAddress.parseList("b:2, a:1,[::1]:3"))
        .containsExactly(
            new NodeAddress("b", 2), new NodeAddress("a", 1), new NodeAddress("::1", 3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:1,b:2,a:1", "Cache1:1,cache1:1"})
  void aNodeNamedTwiceIsRefused(String list) {
    assertThatThrownBy(() -> NodeAddress.parseList(list))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "a:1,", "a:1,,b:2"})
  void aListWithAGapIsRefused(String list) {
    assertThatThrownBy(() -> NodeAddress.parseList(list))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1:7",
    "::1, [::1]:7",
    "::, [::]:7",
    "fe80:0:0:0:1:0:0:2, [fe80::1:0:0:2]:7",
    "1:0:2:3:4:5:6:7, [1:0:2:3:4:5:6:7]:7",
    "1:2:3:4:5:6:0:0, [1:2:3:4:5:6::]:7",
  })
  void ourEndIsWrittenAsMemcachedWritesIt(String address, String shown) throws Exception {
    InetSocketAddress end = new InetSocketAddress(InetAddress.getByName(address), 7);

    assertThat(TcpNetwork.asMemcachedShows(end)).isEqualTo(shown);
  }
}
