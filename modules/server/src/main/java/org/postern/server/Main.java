package org.postern.server;

import org.postern.server.cli.PosternCommand;

/** The one entrance: {@code serve} and every command of an administrator. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(PosternCommand.run(arguments));
    }
}
