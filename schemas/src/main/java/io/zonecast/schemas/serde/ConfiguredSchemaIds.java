package io.zonecast.schemas.serde;

import io.zonecast.schemas.registry.BackgroundSchemaIds;
import io.zonecast.schemas.registry.RegistrySchemaIds;
import io.zonecast.schemas.registry.RegistrySettings;
import io.zonecast.schemas.registry.RetryingSchemaIds;
import io.zonecast.schemas.wire.BundleFirst;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.CachedSchemaIds;
import io.zonecast.schemas.wire.SchemaIds;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/** Where schema ids come from, by a client's configuration: the bundle, or a registry beside it. */
final class ConfiguredSchemaIds {
  /** How long a registry that failed is left in peace. */
  private static final Duration REST = Duration.ofSeconds(1);

  private ConfiguredSchemaIds() {}

  /** For clients that give up at the first exception: a registry out of reach is asked again. */
  static SchemaIds retrying(Map<String, ?> configs, boolean isKey) {
    return of(
        configs,
        settings ->
            new RetryingSchemaIds(
                new RegistrySchemaIds(settings.client(), settings.writing(), isKey),
                settings.retries()));
  }

  /** For callers that ask again by themselves: no call waits for longer than a moment. */
  static SchemaIds inTheBackground(Map<String, ?> configs) {
    return of(
        configs,
        settings ->
            new BackgroundSchemaIds(
                new RegistrySchemaIds(settings.client(), settings.writing(), false), REST));
  }

  private static SchemaIds of(
      Map<String, ?> configs, Function<RegistrySettings, SchemaIds> registry) {
    BundledSchemas bundle = BundledSchemas.load();
    return RegistrySettings.from(configs)
        .map(registry)
        .<SchemaIds>map(ids -> new BundleFirst(bundle, new CachedSchemaIds(ids)))
        .orElse(bundle);
  }
}
