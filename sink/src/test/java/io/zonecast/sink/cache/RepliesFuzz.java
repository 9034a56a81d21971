package io.zonecast.sink.cache;

import io.zonecast.sink.timing.Timing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import net.rubyeye.xmemcached.command.OperationStatus;
import net.rubyeye.xmemcached.exception.MemcachedDecodeException;

/**
 * A node that answers any bytes: each command takes them for an answer or refuses them, the same
 * however they are cut, and whoever waits for it is told. The first byte says which command, the
 * second after how many bytes the answer is cut.
 */
public final class RepliesFuzz {
  private static final NodeAddress NODE = new NodeAddress("127.0.0.1", 11_211);
  private static final int COMMANDS = 9;

  private RepliesFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length < 2) {
      return;
    }
    int command = Math.floorMod(input[0], COMMANDS + 1);
    byte[] reply = Arrays.copyOfRange(input, 2, input.length);
    if (command == COMMANDS) {
      list(reply);
      return;
    }
    String whole = answerOf(command, reply, Math.max(1, reply.length));
    String inPieces = answerOf(command, reply, 1 + (input[1] & 0xFF));
    if (!whole.equals(inPieces)) {
      throw new AssertionError(whole + " at once, in pieces " + inPieces);
    }
  }

  private static String answerOf(int which, byte[] reply, int pieceBytes) {
    List<String> told = new ArrayList<>();
    NodeCommand command = command(which, told);
    command.setStatus(OperationStatus.SENT);
    ByteBuffer received = ByteBuffer.allocate(reply.length);
    boolean done = false;
    try {
      for (int at = 0; at < reply.length && !done; at += pieceBytes) {
        received.put(reply, at, Math.min(pieceBytes, reply.length - at));
        received.flip();
        done = decode(command, received);
        received.compact();
      }
    } catch (MemcachedDecodeException e) {
      return "refused";
    }
    if (!done) {
      return "waits " + told;
    }
    command.done();
    if (command instanceof AwaitedCommand<?> request) {
      CompletableFuture<?> answer = request.answer();
      if (!answer.isDone()) {
        throw new AssertionError(command + " leaves whoever waits");
      }
      if (!answer.isCompletedExceptionally() && answer.join() instanceof List<?> entries) {
        for (Object entry : entries) {
          if (entry instanceof VersionedEntry.Present present) {
            requireAsItIs(reply, present);
          }
        }
      }
      return answer.isCompletedExceptionally() ? "an error" : words(answer.join()) + told;
    }
    return told.toString();
  }

  /** Of others' entries too, which are written again beside our own. */
  private static void requireAsItIs(byte[] reply, VersionedEntry.Present entry) {
    String all = new String(reply, StandardCharsets.ISO_8859_1);
    if (!all.contains(new String(entry.value(), StandardCharsets.ISO_8859_1))) {
      throw new AssertionError(entry + " is not what the node has");
    }
  }

  private static String words(Object answer) {
    return answer instanceof List<?> entries
        ? entries.stream().map(RepliesFuzz::words).toList().toString()
        : answer instanceof VersionedEntry.Present entry
            ? entry.key() + Arrays.toString(entry.value()) + entry.cas()
            : answer.toString();
  }

  @SuppressWarnings("NullAway") // No command of ours looks at its session.
  private static boolean decode(NodeCommand command, ByteBuffer received) {
    return command.decode(null, received);
  }

  private static NodeCommand command(int which, List<String> told) {
    return switch (which) {
      case 0 ->
          new QuietBatch(
              batch(), (batch, result) -> told.add(result.getClass().getName() + told.size()));
      case 1 -> new LoudBatch(batch());
      case 2 ->
          new MultiGet(
              keys(),
              (index, flags, cas, value, length) ->
                  told.add(index + " " + flags + " " + cas + " " + length));
      case 3 -> new ReadEntries(NODE, List.of("first", "second"));
      case 4 -> CasCommand.add(NODE, "key", new byte[1]);
      case 5 -> CasCommand.replace(NODE, "key", 7, new byte[1]);
      case 6 -> CasCommand.delete(NODE, "key", 7);
      case 7 -> new StatsCommand(NODE, "");
      default -> new FlushAll(NODE);
    };
  }

  private static EntryBatch batch() {
    var batch = new EntryBatch("zone:", 0);
    batch.set(ascii("usps:005:010"), ascii("2"));
    batch.set(ascii("usps:005:011"), ascii("3"));
    batch.delete(ascii("usps:005:012"));
    batch.takeOff();
    return batch;
  }

  private static MultiGetKeys keys() {
    var batch = new MultiGetKeys("zone:");
    for (String key : List.of("usps:005:010", "usps:005:011", "usps:005:012")) {
      batch.add(ascii(key), 0, key.length());
    }
    return batch;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void list(byte[] reply) {
    var settings = ConnectionSettings.DEFAULT.over(new Answering(reply));
    var crawler = new KeyCrawler(NODE, settings, Duration.ZERO, "zone:");
    try {
      long shown =
          crawler.crawl(
              (key, length) -> {
                if (length < "zone:".length() || crawler.size() < 0) {
                  throw new AssertionError("a key of " + length + " bytes");
                }
                return true;
              });
      if (shown > reply.length) {
        throw new AssertionError(shown + " keys");
      }
    } catch (IOException e) {
      // It names what was wrong.
    }
  }

  /** Answers every question with the same bytes. */
  private static final class Answering extends Network {
    private final byte[] reply;

    Answering(byte[] reply) {
      this.reply = reply;
    }

    @Override
    Timing timing() {
      return Timing.SYSTEM;
    }

    @Override
    NodeLink connect(
        NodeAddress node,
        ConnectionSettings settings,
        WriteLease lease,
        Consumer<IOException> onClosed) {
      throw new IllegalStateException("nothing connects here");
    }

    @Override
    InputStream ask(NodeAddress node, ConnectionSettings settings, byte[] question) {
      return new ByteArrayInputStream(reply);
    }
  }
}
