package io.zonecast.sink.cache.placement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.placement.ReadingGuide.Reader;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Asks the clients themselves to which node a key belongs, for pools that no test could start:
 * names, memcached's own port, many nodes.
 */
class RingsIT {
  private static final List<String> KEYS =
      IntStream.range(0, 2_000).mapToObj("usps %1$03d %1$d"::formatted).toList();

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cache1:11211,cache2:11211",
        "cache1:11211,cache2:11212,10.0.0.3:11211",
        "a:1,b:2,c:3,d:4,e:5,f:6,g:7",
        "n1:11211,n2:11211,n3:11211,n4:11211,n5:11211,n6:11211,n7:11211,n8:11211,n9:11211,n10:11211"
            + ",n11:11211,n12:11211,n13:11211",
      })
  void ketamaIsTheRingOfLibmemcached(String nodes) throws Exception {
    agrees(
        "php",
        """
        $cache = new Memcached();
        $cache->setOption(Memcached::OPT_LIBKETAMA_COMPATIBLE, true);
        foreach (explode(',', '%s') as $node) {
            [$host, $port] = explode(':', $node);
            $cache->addServer($host, (int) $port);
        }

        function zone($carrier, $origin, $destination)
        {
            global $cache;
            $server = $cache->getServerByKey("zone:$carrier:$origin:$destination");
            return $server['host'] . ':' . $server['port'];
        }
        """
            .formatted(nodes),
        PlacementScheme.KETAMA,
        nodes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cache1:11211,cache2:11211",
        "cache1:11211,cache2:11212,10.0.0.3:11211",
        "a:1,b:22,c:333,dd:4,ee:55,ff:666,ggg:7",
      })
  void rendezvousIsThatOfPymemcache(String nodes) throws Exception {
    agrees(
        "python",
        """
        from pymemcache.client.hash import HashClient

        nodes = [(n.split(":")[0], int(n.split(":")[1])) for n in "%s".split(",")]
        cache = HashClient(nodes)


        def zone(carrier, origin, destination):
            return cache.hasher.get_node(f"zone:{carrier}:{origin}:{destination}")
        """
            .formatted(nodes),
        PlacementScheme.PYMEMCACHE,
        nodes);
  }

  private void agrees(String language, String code, PlacementScheme scheme, String list)
      throws Exception {
    List<NodeAddress> nodes = NodeAddress.parseList(list);
    Placement placement = scheme.place(nodes);

    List<String> theirs =
        new ReaderProgram(
                new Reader(language, scheme.toString(), "zone:", language, "", code),
                nodes,
                directory)
            .read(KEYS);

    List<String> ours =
        KEYS.stream()
            .map(key -> ("zone:" + key.replace(' ', ':')).getBytes(UTF_8))
            .map(key -> "'" + nodes.get(placement.nodeFor(key)) + "'")
            .toList();
    assertThat(theirs).isEqualTo(ours);
  }
}
