// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.delivery;

import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Looks a name up, once, and gives its addresses to whoever connects only if a request may go to each of them. What is
 * checked is what is connected to: a name that leads elsewhere a moment later leads nowhere.
 */
final class CheckedAddresses extends AddressResolverGroup<InetSocketAddress> {

    /** A name that leads where no request may go. */
    static final class Blocked extends java.io.IOException {

        private static final long serialVersionUID = 1;

        Blocked() {
            super("The name leads to an address that is not public");
        }
    }

    private final AddressResolverGroup<InetSocketAddress> names;
    private final Targets targets;

    CheckedAddresses(AddressResolverGroup<InetSocketAddress> names, Targets targets) {
        this.names = names;
        this.targets = targets;
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new Checked(executor, names.getResolver(executor));
    }

    @Override
    public void close() {
        names.close();
        super.close();
    }

    private final class Checked extends AbstractAddressResolver<InetSocketAddress> {

        private final AddressResolver<InetSocketAddress> resolver;

        private Checked(EventExecutor executor, AddressResolver<InetSocketAddress> resolver) {
            super(executor, InetSocketAddress.class);
            this.resolver = resolver;
        }

        /** Never: an address that stands in the URL itself is checked like any other. */
        @Override
        protected boolean doIsResolved(InetSocketAddress address) {
            return false;
        }

        @Override
        protected void doResolve(InetSocketAddress unresolved, Promise<InetSocketAddress> promise) {
            Promise<List<InetSocketAddress>> all = executor().newPromise();
            all.addListener((Future<List<InetSocketAddress>> found) -> {
                if (found.isSuccess()) {
                    promise.trySuccess(found.getNow().getFirst());
                } else {
                    promise.tryFailure(found.cause());
                }
            });
            doResolveAll(unresolved, all);
        }

        @Override
        protected void doResolveAll(InetSocketAddress unresolved, Promise<List<InetSocketAddress>> promise) {
            if (!unresolved.isUnresolved()) {
                settle(List.of(unresolved), promise);
                return;
            }
            resolver.resolveAll(unresolved).addListener((Future<List<InetSocketAddress>> found) -> {
                if (found.isSuccess()) {
                    settle(found.getNow(), promise);
                } else {
                    promise.tryFailure(found.cause());
                }
            });
        }

        private void settle(List<InetSocketAddress> found, Promise<List<InetSocketAddress>> promise) {
            if (!found.isEmpty()
                    && found.stream()
                            .allMatch(each -> each.getAddress() != null && targets.allows(each.getAddress()))) {
                promise.trySuccess(found);
            } else {
                promise.tryFailure(new Blocked());
            }
        }
    }
}
