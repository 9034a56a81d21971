package io.zonecast.sink.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

class SimMemcachedTest extends MemcachedContract {
  private long nowMillis = 1_000;
  private final SimMemcached node = new SimMemcached(() -> nowMillis);
  private final Map<String, SimMemcached.Session> sessions = new HashMap<>();

  private SimMemcached.Session session(String connection) {
    return sessions.computeIfAbsent(
        connection, its -> node.connect("10.0.0.1:" + (40_001 + sessions.size())));
  }

  @Override
  String ask(String connection, String request, String end) {
    SimMemcached.Session session = session(connection);
    byte[] bytes = request.getBytes(UTF_8);
    session.receive(bytes, bytes.length);
    var reply = new StringBuilder();
    for (String one = session.applyNext(); one != null; one = session.applyNext()) {
      reply.append(one);
    }
    return reply.toString();
  }

  @Override
  String localAddress(String connection) {
    return session(connection).peer();
  }

  @Override
  void eventually(BooleanSupplier holds) {
    for (int i = 0; i < 10 && !holds.getAsBoolean(); i++) {
      nowMillis += 1_000;
    }
    assertThat(holds.getAsBoolean()).isTrue();
  }
}
