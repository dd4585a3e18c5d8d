// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** A carrier that lives in the process: what it does with a message is chosen by the number it goes to. */
@NullMarked
package eu.aval.carrier.simulator;

import org.jspecify.annotations.NullMarked;
