// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** What people wrote, by number, for those who have a reason to look. */
@NullMarked
package eu.aval.server.inbound.graphql;

import org.jspecify.annotations.NullMarked;
