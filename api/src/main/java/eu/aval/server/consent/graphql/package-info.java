// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Purposes, senders, consents and opt-outs over GraphQL. */
@NullMarked
package eu.aval.server.consent.graphql;

import org.jspecify.annotations.NullMarked;
