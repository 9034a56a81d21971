/**
 * What is logged, at which level and in which form. What is worth a line belongs to the modules.
 */
@NullMarked
package io.zonecast.app.logging;

import org.jspecify.annotations.NullMarked;
