package io.zonecast.sink.checkpoint;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says how far the fill of one partition on one node has come. The sink leaves the note on the
 * node, for any reader, and renews it four times a second. It decides nothing, so it is written
 * without CAS; the node forgets it soon after its writer stops. A missing note means that the
 * progress is unknown. As text:
 *
 * <pre>
 * share=0.634 left=2100
 * </pre>
 *
 * @param share of this partition that the node has, from 0 to 1
 * @param left how long all fills of the writer on this node still need; null while unknown
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

  /** Reads an entry's value; empty if it is not a note. */
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
