package io.zonecast.schemas.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;

/**
 * What a registry said, yes or no.
 *
 * @param address which of its addresses said it
 * @param errorCode the registry's own code where it has one, else the HTTP status
 * @param message the registry's words for an error, in one line
 */
record RegistryAnswer(URI address, int status, int errorCode, String message, JsonNode json) {
  boolean isOk() {
    return status >= 200 && status < 300;
  }

  boolean isNotFound() {
    return status == 404;
  }

  boolean isConflict() {
    return status == 409;
  }

  /** The error as messages put it: {@code 40403 Schema 7 not found}. */
  String error() {
    return errorCode + (message.isEmpty() ? "" : " " + message);
  }
}
