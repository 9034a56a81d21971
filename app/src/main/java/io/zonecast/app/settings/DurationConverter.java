package io.zonecast.app.settings;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 500ms}, {@code 2s}, {@code 5m}, {@code 1h}; a bare number is seconds. */
public final class DurationConverter implements ITypeConverter<Duration> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)?");

  /** Of what is counted in nanoseconds, 64 bits hold 292 years. */
  private static final Duration LONGEST = Duration.ofDays(365);

  @Override
  public Duration convert(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "\"" + text + "\" is no length of time; write it as 500ms, 2s, 5m or 1h");
    }
    long number = Long.parseLong(matcher.group(1));
    Duration time = of(number, matcher.group(2));
    if (time.compareTo(LONGEST) > 0) {
      throw new TypeConversionException(
          "\"%s\" is longer than anything waits; give %dh at most"
              .formatted(text, LONGEST.toHours()));
    }
    return time;
  }

  private static Duration of(long number, @Nullable String given) {
    String unit = given == null ? "s" : given;
    return switch (unit) {
      case "ms" -> Duration.ofMillis(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofSeconds(number);
    };
  }
}
