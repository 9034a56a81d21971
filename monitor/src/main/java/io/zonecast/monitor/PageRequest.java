package io.zonecast.monitor;

import java.util.Arrays;

/**
 * A request for a page.
 *
 * @param query what follows the question mark, as it was sent; "" where nothing does
 * @param accept the media types that the client prefers, as it sent them; "" for any
 */
public record PageRequest(String query, String accept) {

  /** Whether JSON is asked for, by {@code ?format=json} or by the Accept header. */
  public boolean wantsJson() {
    return Arrays.asList(query.split("&")).contains("format=json")
        || accept.contains("application/json");
  }
}
