// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Webhook endpoints and their delivery log for operators. */
@NullMarked
package eu.aval.server.webhook.graphql;

import org.jspecify.annotations.NullMarked;
