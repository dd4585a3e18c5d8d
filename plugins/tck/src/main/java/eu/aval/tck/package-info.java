// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** The rules every carrier plugin passes, as JUnit interfaces with numbered tests, and what an author needs to run them. */
@NullMarked
package eu.aval.tck;

import org.jspecify.annotations.NullMarked;
