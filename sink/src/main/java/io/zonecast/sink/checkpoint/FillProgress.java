package io.zonecast.sink.checkpoint;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How far the fill of one partition on one node has come: a note that its sink leaves on the node
 * itself, so that anybody can ask for it, and renews four times a second. Unlike a checkpoint it
 * decides nothing. It is written without CAS and forgotten by the node soon after its writer has
 * gone; one that is missing means that the progress is unknown. As text:
 *
 * <pre>
 * share=0.634 left=2100
 * </pre>
 *
 * @param share of this partition that the node has, from 0 to 1
 * @param left how long all fills of the writer on this node still need; null while nobody can tell
 */
public record FillProgress(double share, @Nullable Duration left) {
  /** How long a node remembers a note that is not renewed. */
  public static final Duration REMEMBERED = Duration.ofSeconds(5);

  private static final Pattern FORM =
      Pattern.compile("share=([01]\\.[0-9]{3})(?: left=([0-9]{1,15}))?");

  public FillProgress {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(share + " is no share; it is from 0 to 1");
    }
  }

  /** The entry's value. */
  public byte[] encode() {
    Duration known = left;
    return (String.format(Locale.ROOT, "share=%.3f", share)
            + (known == null ? "" : " left=" + known.toMillis()))
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** What an entry says; empty where it is something else. */
  public static Optional<FillProgress> decode(byte[] value) {
    Matcher said = FORM.matcher(new String(value, StandardCharsets.US_ASCII));
    if (!said.matches()) {
      return Optional.empty();
    }
    double share = Double.parseDouble(said.group(1));
    @Nullable String left = said.group(2);
    return share > 1
        ? Optional.empty()
        : Optional.of(
            new FillProgress(share, left == null ? null : Duration.ofMillis(Long.parseLong(left))));
  }
}
