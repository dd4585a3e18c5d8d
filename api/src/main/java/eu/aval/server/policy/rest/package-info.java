// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Simulations for partner applications. */
@NullMarked
package eu.aval.server.policy.rest;

import org.jspecify.annotations.NullMarked;
