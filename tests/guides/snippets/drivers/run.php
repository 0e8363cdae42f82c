<?php
// Runs a PHP snippet: its readSecret(), told as one line.
require $argv[1];
$how = 'ok';
try {
    $text = readSecret();
} catch (Throwable $error) {
    $how = 'error';
    $text = (string) $error;
}
echo basename($argv[1], '.php'), " $how ", base64_encode($text), "\n";
