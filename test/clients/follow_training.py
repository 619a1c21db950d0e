"""Follows a training from join to its end with python-socketio, and prints what it heard as one JSON line.

Arguments as JSON: address of the API, token, session id, and the body of train-models.
"""

import json
import sys
import threading

import requests
import socketio

address, token, session_id, body = json.loads(sys.argv[1])
END = ("training_completed", "training_error", "training_cancelled")
heard = []
over = threading.Event()


def follow():
    """A client that has joined, with what the server answered."""
    client = socketio.Client(reconnection=False)

    @client.on("*")
    def on_event(event, payload):
        heard.append({"event": event, "payload": payload})
        if event in END:
            over.set()

    client.connect(address, auth={"token": token}, transports=["websocket"])
    return client, client.call("join_training_session", {"session_id": session_id}, timeout=10)


def refused(auth):
    try:
        socketio.Client(reconnection=False).connect(address, auth=auth, transports=["websocket"], retry=False)
        return None
    except socketio.exceptions.ConnectionError as error:
        return str(error)


refusals = [refused({"token": "nonsense"}), refused({})]
client, joined = follow()
started = requests.post(f"{address}/api/training/train-models/{session_id}", json=body, headers={"Authorization": f"Bearer {token}"}, timeout=60)
in_time = over.wait(120)
client.disconnect()
live = list(heard)

heard.clear()
over.clear()
late, _ = follow()
over.wait(10)
late.disconnect()
print(json.dumps({"joined": joined, "refusals": refusals, "started": started.json(), "inTime": in_time, "live": live, "replay": list(heard)}))
