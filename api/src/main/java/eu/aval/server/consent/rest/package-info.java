// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Consents and opt-outs over REST. */
@NullMarked
package eu.aval.server.consent.rest;

import org.jspecify.annotations.NullMarked;
