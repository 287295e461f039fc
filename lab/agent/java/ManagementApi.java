import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.apache.cassandra.auth.AuthenticatedUser;
import org.apache.cassandra.auth.IRoleManager;
import org.apache.cassandra.auth.RoleOptions;
import org.apache.cassandra.auth.RoleResource;
import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.cql3.QueryProcessor;
import org.apache.cassandra.cql3.UntypedResultSet;
import org.apache.cassandra.db.ConsistencyLevel;
import org.apache.cassandra.gms.ApplicationState;
import org.apache.cassandra.gms.EndpointState;
import org.apache.cassandra.gms.Gossiper;
import org.apache.cassandra.gms.VersionedValue;
import org.apache.cassandra.locator.InetAddressAndPort;
import org.apache.cassandra.service.CassandraDaemon;
import org.apache.cassandra.service.StorageService;
import org.apache.cassandra.utils.FBUtilities;

/**
 * What cass-operator 1.28 asks of a Cassandra pod, answered from inside Cassandra's own process.
 *
 * The management API that the operator is made for is not in any package registry. This one answers the calls that
 * the operator makes (pkg/httphelper/client.go), and an unknown call with 404, which its log then shows.
 * Arguments: the address to listen on, and the port.
 */
public final class ManagementApi {
  private static final String SYSTEM_REPLICATION = "cassandra.system_distributed_replication";
  private static final List<String> SYSTEM_KEYSPACES = List.of("system_auth", "system_distributed", "system_traces");

  private final Map<String, Job> jobs = new ConcurrentHashMap<>();
  private boolean started;
  /** Cassandra's own start has ended well. Before that its classes must not be touched: they would initialize without a configuration. */
  private volatile boolean running;

  public static void main(String[] args) throws IOException {
    InetAddress address = InetAddress.getByName(args[0]);
    HttpServer server = HttpServer.create(new InetSocketAddress(address, Integer.parseInt(args[1])), 0);
    ManagementApi api = new ManagementApi();
    server.createContext("/", api::handle);
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
    System.out.println("management API on " + args[0] + ":" + args[1]);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String call = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    try {
      Answer answer = answer(call, query(exchange.getRequestURI().getRawQuery()));
      if (!call.contains("/probes/")) System.out.println("management API: " + call + " " + answer.status);
      send(exchange, answer);
    } catch (Exception e) {
      System.out.println("management API: " + call + " failed: " + e);
      e.printStackTrace(System.out);
      send(exchange, new Answer(500, String.valueOf(e.getMessage())));
    }
  }

  private Answer answer(String call, Map<String, String> query) throws Exception {
    switch (call) {
      case "GET /api/v0/probes/liveness":
        return ok("OK");
      case "GET /api/v0/probes/readiness":
        return serving() ? ok("OK") : new Answer(500, "not serving clients yet");
      case "POST /api/v0/lifecycle/start":
        return start(query.get("replace_ip"));
      case "GET /api/v0/metadata/versions/release":
        return ok(FBUtilities.getReleaseVersionString());
      case "GET /api/v0/metadata/versions/features":
        return ok(features());
      default:
        return running ? answerOfNode(call, query) : new Answer(500, "Cassandra has not started");
    }
  }

  private Answer answerOfNode(String call, Map<String, String> query) throws Exception {
    switch (call) {
      case "GET /api/v0/probes/cluster":
        return enoughAlive(query) ? ok("OK") : new Answer(500, "not enough live replicas");
      case "GET /api/v0/metadata/endpoints":
        return ok("{\"entity\":" + endpoints() + "}");
      case "POST /api/v0/ops/seeds/reload":
        return ok(String.valueOf(Gossiper.instance.reloadSeeds()));
      case "POST /api/v0/ops/auth/role":
        return createRole(query);
      case "POST /api/v0/ops/node/drain":
        StorageService.instance.drain();
        return ok("OK");
      case "POST /api/v0/ops/node/decommission":
        StorageService.instance.decommission(Boolean.parseBoolean(query.get("force")));
        return ok("OK");
      case "POST /api/v1/ops/node/decommission":
        boolean force = Boolean.parseBoolean(query.get("force"));
        return job("decommission", () -> run(() -> StorageService.instance.decommission(force)));
      case "POST /api/v1/ops/node/rebuild":
        String source = query.get("src_dc");
        return job("rebuild", () -> run(() -> StorageService.instance.rebuild(source)));
      case "GET /api/v0/ops/executor/job":
        Job job = jobs.get(query.get("job_id"));
        return job == null ? new Answer(404, "no such job") : ok(job.json());
      case "GET /api/v0/ops/node/fullquerylogging":
        return ok("{\"entity\":false}");
      default:
        return new Answer(404, "the lab's management API does not know " + call);
    }
  }

  /** Cassandra's own start, which ends the process if it fails; the pod is then restarted, as by a kubelet. */
  private synchronized Answer start(String replaceAddress) {
    if (started) return new Answer(202, "OK");
    started = true;
    if (replaceAddress != null) System.setProperty("cassandra.replace_address_first_boot", replaceAddress);
    Runnable daemon =
        () -> {
          CassandraDaemon.main(new String[0]);
          running = true;
        };
    new Thread(daemon, "cassandra").start();
    return new Answer(201, "OK");
  }

  private boolean serving() {
    return running && StorageService.instance.isNativeTransportRunning();
  }

  /** Live nodes of this datacenter must make up what the consistency level needs of every replica set. */
  private boolean enoughAlive(Map<String, String> query) {
    if (!serving()) return false;
    int replicas = Integer.parseInt(query.getOrDefault("rf_per_dc", "3"));
    int needed = query.getOrDefault("consistency_level", "LOCAL_QUORUM").endsWith("QUORUM") ? replicas / 2 + 1 : 1;
    String own = DatabaseDescriptor.getLocalDataCenter();
    long down =
        Gossiper.instance.getUnreachableMembers().stream()
            .filter(node -> own.equals(DatabaseDescriptor.getEndpointSnitch().getDatacenter(node)))
            .count();
    return down <= replicas - needed;
  }

  /**
   * The first role, made from inside, where no login is needed. The operator's own management API keeps Cassandra
   * from making its default role and gives the system keyspaces their replicas; both are done here.
   */
  private Answer createRole(Map<String, String> query) throws Exception {
    replicateSystemKeyspaces();
    IRoleManager roles = DatabaseDescriptor.getRoleManager();
    RoleResource role = RoleResource.role(query.get("username"));
    RoleOptions options = new RoleOptions();
    options.setOption(IRoleManager.Option.PASSWORD, query.get("password"));
    options.setOption(IRoleManager.Option.SUPERUSER, Boolean.parseBoolean(query.get("is_superuser")));
    options.setOption(IRoleManager.Option.LOGIN, Boolean.parseBoolean(query.get("can_login")));
    if (roles.isExistingRole(role)) roles.alterRole(AuthenticatedUser.SYSTEM_USER, role, options);
    else roles.createRole(AuthenticatedUser.SYSTEM_USER, role, options);
    RoleResource byDefault = RoleResource.role("cassandra");
    if (roles.isExistingRole(byDefault)) roles.dropRole(AuthenticatedUser.SYSTEM_USER, byDefault);
    return ok("OK");
  }

  private static void replicateSystemKeyspaces() {
    String wanted = System.getProperty(SYSTEM_REPLICATION);
    if (wanted == null) return;
    StringBuilder replication = new StringBuilder("{'class': 'NetworkTopologyStrategy'");
    for (String entry : wanted.split(",")) {
      String[] parts = entry.split(":");
      replication.append(", ").append(quoted(parts[0], '\'')).append(": ").append(Integer.parseInt(parts[1]));
    }
    replication.append("}");
    for (String keyspace : SYSTEM_KEYSPACES) {
      UntypedResultSet rows =
          QueryProcessor.executeInternal(
              "SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = ?", keyspace);
      String strategy = rows.one().getFrozenTextMap("replication").get("class");
      if (strategy.endsWith("NetworkTopologyStrategy")) continue;
      QueryProcessor.process(
          "ALTER KEYSPACE " + keyspace + " WITH replication = " + replication, ConsistencyLevel.ONE);
    }
  }

  private static String features() {
    return "{\"cassandra_version\":" + json(FBUtilities.getReleaseVersionString())
        + ",\"mgmt_version\":\"lab\",\"features\":[\"async_sstable_tasks\",\"rebuild\"]}";
  }

  private static String endpoints() {
    List<String> nodes = new ArrayList<>();
    InetAddressAndPort own = FBUtilities.getBroadcastAddressAndPort();
    for (Map.Entry<InetAddressAndPort, EndpointState> entry : Gossiper.instance.endpointStateMap.entrySet()) {
      Map<String, String> fields = new HashMap<>();
      for (Map.Entry<ApplicationState, VersionedValue> state : entry.getValue().states()) {
        if (state.getKey() != ApplicationState.TOKENS) fields.put(state.getKey().name(), state.getValue().value);
      }
      fields.put("ENDPOINT_IP", entry.getKey().getHostAddress(false));
      fields.put("IS_ALIVE", String.valueOf(entry.getValue().isAlive()));
      fields.put("IS_LOCAL", String.valueOf(entry.getKey().equals(own)));
      nodes.add(
          fields.entrySet().stream()
              .map(field -> json(field.getKey()) + ":" + json(field.getValue()))
              .collect(Collectors.joining(",", "{", "}")));
    }
    return nodes.stream().collect(Collectors.joining(",", "[", "]"));
  }

  private interface Action {
    void run() throws Exception;
  }

  private static Void run(Action action) throws Exception {
    action.run();
    return null;
  }

  private Answer job(String type, Callable<Void> work) {
    Job job = new Job(type);
    jobs.put(job.id, job);
    Thread thread = new Thread(() -> job.run(work), type);
    thread.start();
    return ok(job.id);
  }

  private static final class Job {
    final String id = UUID.randomUUID().toString();
    final String type;
    final long submitted = System.currentTimeMillis();
    volatile long ended;
    volatile String status = "RUNNING";
    volatile String error = "";

    Job(String type) {
      this.type = type;
    }

    void run(Callable<Void> work) {
      try {
        work.call();
        status = "COMPLETED";
      } catch (Exception e) {
        e.printStackTrace(System.out);
        error = String.valueOf(e.getMessage());
        status = "ERROR";
      } finally {
        ended = System.currentTimeMillis();
      }
    }

    String json() {
      return "{\"id\":" + ManagementApi.json(id) + ",\"type\":" + ManagementApi.json(type)
          + ",\"status\":" + ManagementApi.json(status) + ",\"submit_time\":\"" + submitted
          + "\",\"end_time\":\"" + ended + "\",\"error\":" + ManagementApi.json(error) + "}";
    }
  }

  private static final class Answer {
    final int status;
    final String body;

    Answer(int status, String body) {
      this.status = status;
      this.body = body;
    }
  }

  private static Answer ok(String body) {
    return new Answer(200, body);
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> values = new HashMap<>();
    if (raw == null) return values;
    for (String pair : raw.split("&")) {
      int split = pair.indexOf('=');
      if (split < 0) continue;
      values.put(decode(pair.substring(0, split)), decode(pair.substring(split + 1)));
    }
    return values;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** A CQL name or text; the quote is doubled inside. */
  private static String quoted(String text, char quote) {
    String mark = String.valueOf(quote);
    return mark + text.replace(mark, mark + mark) + mark;
  }

  private static String json(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') out.append('\\').append(c);
      else if (c < 0x20) out.append(String.format("\\u%04x", (int) c));
      else out.append(c);
    }
    return out.append('"').toString();
  }
}
