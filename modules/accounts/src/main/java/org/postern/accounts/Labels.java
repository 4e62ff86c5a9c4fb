package org.postern.accounts;

/** What people may call their accounts and tokens. */
final class Labels {
    private Labels() {}

    static boolean isLabel(String text, int maxLength) {
        return !text.isEmpty()
                && text.length() <= maxLength
                && text.equals(text.strip())
                && text.codePoints().allMatch(Labels::isPrintable);
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true; // Character's own constants, not ours.
        };
    }
}
