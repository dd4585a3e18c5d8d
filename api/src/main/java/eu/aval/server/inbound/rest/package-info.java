// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** What people wrote, for the applications of the tenant they wrote to. */
@NullMarked
package eu.aval.server.inbound.rest;

import org.jspecify.annotations.NullMarked;
