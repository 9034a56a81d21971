/** The rows that every benchmark uses, made up and always the same. */
@NullMarked
package io.zonecast.bench.table;

import org.jspecify.annotations.NullMarked;
