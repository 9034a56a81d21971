package io.zonecast.app.trust;

import io.zonecast.app.settings.KafkaSettings;
import io.zonecast.app.settings.SettingsException;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.apache.kafka.common.utils.Utils;

/**
 * Finds out whether a listener speaks TLS, before a client of Kafka's tries the wrong one of the
 * two: a plain-text client takes the first bytes of a TLS answer for a length and asks for 352 MB
 * of memory, a TLS client tries again and again until its time is up.
 *
 * <p>Each listener is greeted first as it should be, so that one with the right settings has
 * nothing to complain of in its log.
 */
public final class ListenerProbe {
  private static final Duration TO_CONNECT = Duration.ofSeconds(1);
  private static final Duration TO_ANSWER = Duration.ofSeconds(2);

  private static final Set<String> PROTOCOLS =
      Set.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");

  /** Kafka's request for the versions that a broker speaks, which any listener answers. */
  private static final short API_VERSIONS = 18;

  private static final int CORRELATION = 0x7a6f6e65;
  private static final int LONGEST_ANSWER = 1 << 20;

  /** The first byte of a TLS record: an alert, or a step of the handshake. */
  private static final int TLS_ALERT = 0x15;

  private static final int TLS_HANDSHAKE = 0x16;

  private enum Speaks {
    PLAIN_TEXT,
    TLS
  }

  private ListenerProbe() {}

  /**
   * Checks that the first listener that answers speaks what the settings say. Where none answers,
   * or none in a way that can be told, Kafka's own clients are left to say so.
   *
   * @param file of the settings, for the message
   * @return false if all were asked and none answered
   * @throws SettingsException if it speaks the other
   */
  public static boolean requireMatch(KafkaSettings settings, String file) {
    Object configured = settings.admin().getOrDefault("security.protocol", "PLAINTEXT");
    String protocol = configured.toString().toUpperCase(Locale.ROOT);
    if (!PROTOCOLS.contains(protocol)) {
      // A reference to follow, or a slip that Kafka's clients name.
      return true;
    }
    Speaks wanted = protocol.endsWith("SSL") ? Speaks.TLS : Speaks.PLAIN_TEXT;
    for (String server : settings.bootstrapServers().split("\\s*,\\s*", -1)) {
      Optional<Speaks> spoken = ask(server, wanted);
      if (spoken.isPresent()) {
        if (spoken.get() != wanted) {
          throw new SettingsException(mismatch(server, protocol, wanted, file));
        }
        return true;
      }
    }
    return false;
  }

  private static String mismatch(String server, String protocol, Speaks wanted, String file) {
    boolean wantsTls = wanted == Speaks.TLS;
    return ("--bootstrap-servers %s: the listener there speaks %s, and kafka.security.protocol is"
            + " %s; set that to %s in %s, or name another listener")
        .formatted(
            server,
            wantsTls ? "plain text" : "TLS",
            protocol,
            wantsTls ? "PLAINTEXT or SASL_PLAINTEXT" : "SSL or SASL_SSL",
            file.isEmpty() ? "the file of --config" : file);
  }

  private static Optional<Speaks> ask(String server, Speaks first) {
    String host = Utils.getHost(server);
    Integer port = Utils.getPort(server);
    if (host == null || port == null) {
      return Optional.empty();
    }
    Optional<Speaks> spoken = greet(host, port, first);
    // A broker that hears TLS on plain text hangs up without a word.
    return spoken.isEmpty() && first == Speaks.TLS ? greet(host, port, Speaks.PLAIN_TEXT) : spoken;
  }

  private static Optional<Speaks> greet(String host, int port, Speaks language) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), (int) TO_CONNECT.toMillis());
      socket.setSoTimeout((int) TO_ANSWER.toMillis());
      byte[] greeting = language == Speaks.TLS ? clientHello(host, port) : apiVersions();
      socket.getOutputStream().write(greeting);
      DataInputStream answer = new DataInputStream(socket.getInputStream());
      int start = answer.readInt();
      int type = start >>> 24;
      if (type == TLS_ALERT || type == TLS_HANDSHAKE) {
        return Optional.of(Speaks.TLS);
      }
      return start >= Integer.BYTES && start < LONGEST_ANSWER && answer.readInt() == CORRELATION
          ? Optional.of(Speaks.PLAIN_TEXT)
          : Optional.empty();
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static byte[] apiVersions() {
    byte[] client = "zonecast".getBytes(StandardCharsets.US_ASCII);
    int size = 2 * Short.BYTES + Integer.BYTES + Short.BYTES + client.length;
    return ByteBuffer.allocate(Integer.BYTES + size)
        .putInt(size)
        .putShort(API_VERSIONS)
        .putShort((short) 0)
        .putInt(CORRELATION)
        .putShort((short) client.length)
        .put(client)
        .array();
  }

  /** The first message of a handshake, which commits no one to anything. */
  private static byte[] clientHello(String host, int port)
      throws GeneralSecurityException, IOException {
    SSLContext context = SSLContext.getInstance("TLS");
    // No trust managers: nothing is trusted here, and the JVM need not read its own.
    context.init(null, new TrustManager[0], null);
    SSLEngine engine = context.createSSLEngine(host, port);
    engine.setUseClientMode(true);
    engine.beginHandshake();
    ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), hello);
    byte[] bytes = new byte[hello.flip().remaining()];
    hello.get(bytes);
    return bytes;
  }
}
