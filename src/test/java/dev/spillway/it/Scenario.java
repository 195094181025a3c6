package dev.spillway.it;

/** What every scenario asks of the class that runs it: a server, and a client of it. */
interface Scenario {

  UploadClient client();

  ServerProcess server();

  ServerKind kind();
}
