// The plain page: asks the API with the token and writes text, never markup. It changes nothing.

const find = (id) => document.getElementById(id);
let token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
let chosen = "";
if (token !== "") {
  history.replaceState(null, "", location.pathname);
  find("ask").hidden = true;
}

find("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  token = find("token").value.trim();
  void look();
});

async function ask(path) {
  const answer = await fetch(path, { headers: { authorization: `Bearer ${token}` } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error?.message ?? answer.statusText);
  return body;
}

function fill(id, rows) {
  const body = find(id).tBodies[0];
  body.replaceChildren(
    ...rows.map((cells) => {
      const row = document.createElement("tr");
      row.append(
        ...cells.map((cell) => {
          const box = document.createElement("td");
          box.append(cell);
          return box;
        }),
      );
      return row;
    }),
  );
}

function chooseJob(job) {
  const button = document.createElement("button");
  button.className = "job";
  button.textContent = job;
  button.addEventListener("click", () => {
    chosen = job;
    void look();
  });
  return button;
}

const percent = (share) => `${Math.floor(share * 100)} %`;

async function look() {
  if (token === "") return;
  try {
    const [cluster, { jobs }, { workers }] = await Promise.all([
      ask("/api/v1/cluster"),
      ask("/api/v1/jobs"),
      ask("/api/v1/workers"),
    ]);
    find("cluster").textContent =
      `Epoch ${cluster.epoch}: ${cluster.workersAlive} worker(s) alive, ${cluster.slotsUsed} of ${cluster.slots} slot(s) used, ${cluster.jobsRunning} job(s) running`;
    fill(
      "jobs",
      jobs.map((job) => [
        chooseJob(job.job),
        job.name,
        job.state,
        percent(job.progress),
        `${job.tasksDone}/${job.tasks}`,
        job.outputUri,
      ]),
    );
    fill(
      "workers",
      workers.map((worker) => [
        worker.worker,
        worker.state,
        worker.host,
        `${worker.slotsUsed}/${worker.slots}`,
        String(worker.gathering),
      ]),
    );
    chosen ||= jobs[0]?.job ?? "";
    if (chosen !== "") await lookAtTasks();
  } catch (error) {
    find("cluster").textContent = error.message;
    find("ask").hidden = false;
  }
}

async function lookAtTasks() {
  const { tasks, total } = await ask(`/api/v1/jobs/${encodeURIComponent(chosen)}/tasks`);
  find("tasks-of").textContent = `Tasks of ${chosen} (${tasks.length} of ${total})`;
  fill(
    "tasks",
    tasks.flatMap((task) => {
      const name = `${task.stage}-${task.task}`;
      if (task.attempts.length === 0) return [[name, task.state, "", "", "", "", task.wait?.text ?? ""]];
      return task.attempts.map((attempt) => [
        name,
        task.state,
        attempt.attempt,
        attempt.state,
        attempt.worker,
        String(attempt.records),
        attempt.failure?.message ?? task.wait?.text ?? "",
      ]);
    }),
  );
}

void look();
setInterval(() => void look(), 2000);
