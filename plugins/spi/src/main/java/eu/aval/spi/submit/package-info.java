// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** One message handed to a carrier, and the sealed set of what can come of it. */
@NullMarked
package eu.aval.spi.submit;

import org.jspecify.annotations.NullMarked;
